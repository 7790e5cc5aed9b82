// Two photos of one card on their way: one form (RFC 7578), whose bytes are known before they leave, so that a digest can be promised.

/** @param {string} name @param {Blob} photo @param {string} mark */
const part = (name, photo, mark) => [`--${mark}\r\nContent-Disposition: form-data; name="${name}"; filename="${name}"\r\nContent-Type: ${photo.type || "application/octet-stream"}\r\n\r\n`, photo, "\r\n"];

/** @param {import("./vault.js").Sides} sides @returns {Blob} its type names the mark between the parts */
export function formOf({ photo, back }) {
  const mark = `kartei-${crypto.randomUUID()}`;
  return new Blob([...part("image", photo, mark), ...(back ? part("back", back, mark) : []), `--${mark}--\r\n`], { type: `multipart/form-data; boundary=${mark}` });
}
