// A photo as it leaves the device: upright, without the camera's notes (place, time, serial number), no larger than reading needs.

const LONG_EDGE = 3000; // px: a card that fills half the picture still has 150 dots per printed centimetre
const QUALITY = 0.9;

/** @param {ImageBitmap} bitmap @returns {Promise<Blob | null>} */
function drawn(bitmap) {
  const scale = Math.min(1, LONG_EDGE / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  const pen = canvas.getContext("2d", { alpha: false });
  if (!pen) return Promise.resolve(null);
  pen.imageSmoothingQuality = "high";
  pen.fillStyle = "#fff"; // behind see-through pictures
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
}

/**
 * Pictures that this browser cannot open (HEIC on most) go as they are: the service opens them and drops the notes.
 * @param {Blob} file @returns {Promise<Blob>}
 */
export async function prepared(file) {
  let bitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    return (await drawn(bitmap)) || file;
  } catch {
    return file;
  } finally {
    bitmap?.close();
  }
}

/** @param {Blob} photo @returns {Promise<string>} its SHA-256 in base64 */
export async function digestOf(photo) {
  const sum = await crypto.subtle.digest("SHA-256", await photo.arrayBuffer());
  return btoa(String.fromCharCode(...new Uint8Array(sum)));
}
