"""root.py: stub"""
