// A photo as it leaves the device: without the camera's notes (place, time, serial number), no larger than reading needs.
import { withoutNotes } from "./jpeg.js";

const LONG_EDGE = 3000; // px: a card that fills half the picture still has 150 dots per printed centimetre
const QUALITY = 0.92;

/** @param {CanvasImageSource} picture @param {number} width @param {number} height of the picture
 * @param {(pen: CanvasRenderingContext2D) => void} [retouch] @returns {Promise<Blob | null>} */
function drawn(picture, width, height, retouch) {
  const scale = Math.min(1, LONG_EDGE / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const pen = canvas.getContext("2d", { alpha: false });
  if (!pen) return Promise.resolve(null);
  pen.imageSmoothingQuality = "high";
  pen.fillStyle = "#fff"; // behind see-through pictures
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  retouch?.(pen);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
}

/** The same picture to the bit, if it is small enough. @param {Blob} file @param {ImageBitmap} bitmap @returns {Promise<Blob | null>} */
async function asItIs(file, { width, height }) {
  const parts = Math.max(width, height) <= LONG_EDGE ? withoutNotes(new Uint8Array(await file.arrayBuffer())) : null;
  return parts && new Blob(parts, { type: "image/jpeg" });
}

/**
 * Pictures that this browser cannot open (HEIC on most) go as they are: the service opens them and drops the notes.
 * @param {Blob} file @returns {Promise<Blob>}
 */
export async function prepared(file) {
  let bitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    return (await asItIs(file, bitmap)) || (await drawn(bitmap, bitmap.width, bitmap.height)) || file;
  } catch {
    return file;
  } finally {
    bitmap?.close();
  }
}

/** What the live camera sees now. @param {HTMLVideoElement} video @param {(pen: CanvasRenderingContext2D) => void} retouch of what is kept
 * @returns {Promise<Blob | null>} null while it shows nothing */
export const frameOf = (video, retouch) => (video.videoWidth ? drawn(video, video.videoWidth, video.videoHeight, retouch) : Promise.resolve(null));

/** @param {Blob} photo @returns {Promise<string>} its SHA-256 in base64 */
export async function digestOf(photo) {
  const sum = await crypto.subtle.digest("SHA-256", await photo.arrayBuffer());
  return btoa(String.fromCharCode(...new Uint8Array(sum)));
}
