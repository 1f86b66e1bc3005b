// camera.js: a camera as part of a page: open from when its view is drawn until it is gone.
import { useEffect, useRef, useState } from 'preact/hooks'
import { cameraOpen } from './scan.js'

/**
 * useCamera({formats, onCode({text, format})}) -> {video, camera, ready, why}: `video` is the ref of
 * the <video> to draw; `ready`: codes can be read; `why`: it does not work: with `camera` the reader
 * broke, without it there is no camera or it is forbidden.
 */
export function useCamera({ formats, onCode }) {
  const video = useRef()
  const told = useRef(onCode)
  const [camera, setCamera] = useState(null)
  const [ready, setReady] = useState(false)
  const [why, setWhy] = useState(null)
  told.current = onCode
  useEffect(() => {
    let opened
    let over = false
    cameraOpen(video.current, { formats, onCode: (c) => told.current(c),
      onReady: () => setReady(true), onBroken: setWhy }).then((c) => {
      opened = c
      if (over)
        c.close()
      else
        setCamera(c)
    }, setWhy)
    return () => {
      over = true
      opened?.close()
    }
  }, [])
  return { video, camera, ready, why }
}
