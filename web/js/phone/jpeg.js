// JPEG without what cameras write beside the picture (ITU-T T.81 B.1: a file is a row of marked segments). The picture itself stays
// as it is, to the bit: packing it anew would cost the reader sharpness.

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const APP0 = 0xe0;
const APP2 = 0xe2;
const APP14 = 0xee;
const COM = 0xfe;

/** "Exif", then TIFF 6.0: one directory of one entry, the orientation. @param {number} orientation 1 to 8 */
const uprightNote = (orientation) => Uint8Array.of(0xff, 0xe1, 0, 34, 0x45, 0x78, 0x69, 0x66, 0, 0, 0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0);

/** @param {DataView} view of a TIFF header @returns {number} 1 where it does not say */
function orientationIn(view) {
  const little = view.getUint16(0) === 0x4949;
  const first = view.getUint32(4, little);
  for (let i = 0, n = view.getUint16(first, little); i < n; i++) {
    const at = first + 2 + 12 * i;
    if (view.getUint16(at, little) === 0x0112) return view.getUint16(at + 8, little);
  }
  return 1;
}

/** @param {Uint8Array} segment its content @returns {number} */
function orientationOf(segment) {
  if (String.fromCharCode(...segment.subarray(0, 6)) !== "Exif\0\0") return 1;
  try {
    const found = orientationIn(new DataView(segment.buffer, segment.byteOffset + 6, segment.length - 6));
    return found >= 1 && found <= 8 ? found : 1;
  } catch {
    return 1; // it points beyond its end
  }
}

/** What decoders need: tables, sizes, JFIF, Adobe's transform, colour profiles; no other notes. @param {number} mark @param {Uint8Array} content */
const needed = (mark, content) => mark < APP0 || mark === APP0 || mark === APP14 || (mark === APP2 && String.fromCharCode(...content.subarray(0, 11)) === "ICC_PROFILE") || (mark > 0xef && mark !== COM);

/** Where the picture ends: phones hang films and second pictures behind it. @param {Uint8Array} file @param {number} at the first scan */
function endOf(file, at) {
  for (let i = at; i + 1 < file.length; ) {
    const mark = file[i + 1];
    if (file[i] !== 0xff || mark === 0 || mark === 0xff || (mark >= 0xd0 && mark <= 0xd7)) i++; // coded data, stuffing, restarts
    else if (mark === EOI) return i + 2;
    else i += 2 + ((file[i + 2] << 8) | file[i + 3]);
  }
  return file.length;
}

/** @param {Uint8Array<ArrayBuffer>} file @returns {Uint8Array<ArrayBuffer>[] | null} its parts to keep, in order; null when it is no JPEG we understand */
export function withoutNotes(file) {
  if (file[0] !== 0xff || file[1] !== SOI) return null;
  const parts = [file.subarray(0, 2)];
  let orientation = 1;
  for (let at = 2; at + 4 <= file.length; ) {
    const mark = file[at + 1];
    const end = at + 2 + ((file[at + 2] << 8) | file[at + 3]);
    if (file[at] !== 0xff || end > file.length) return null;
    const content = file.subarray(at + 4, end);
    if (mark === 0xe1) orientation = orientationOf(content) > 1 ? orientationOf(content) : orientation;
    if (mark === SOS) return [...parts.slice(0, 1), ...(orientation > 1 ? [uprightNote(orientation)] : []), ...parts.slice(1), file.subarray(at, endOf(file, at))];
    if (needed(mark, content)) parts.push(file.subarray(at, end));
    at = end;
  }
  return null;
}
