/* backup_files.h: folders and files of backups: copied, read again, removed; nothing is followed.
 */
#ifndef SHOP_SHOPCTL_BACKUP_FILES_H
#define SHOP_SHOPCTL_BACKUP_FILES_H

#include "shopctl/shopctl.h"

/** file_copy - a new file `to` (0600) with what `from` holds, synced, and read again from the disk.
 * Refuses, by name. */
enum ctl_exit file_copy(struct ctl *ctl, const char *from, const char *to);

/** folder_copy - every plain file of `from` and of the folders in it (no deeper) into the new
 * folder `to`, as file_copy. */
enum ctl_exit folder_copy(struct ctl *ctl, const char *from, const char *to);

/** folder_remove - it and what is in it, as deep as a backup goes. */
void folder_remove(const char *dir);

#endif
