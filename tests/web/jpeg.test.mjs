// What leaves a phone of a photo: the picture to the bit and which side is up; no place, no film behind it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { page } from "./stage.mjs";

const { withoutNotes } = await page("phone/jpeg.js");

/** @param {number} mark @param {string} content one byte a character */
const segment = (mark, content) => Buffer.concat([Buffer.from([0xff, mark, (content.length + 2) >> 8, (content.length + 2) & 255]), Buffer.from(content, "latin1")]);
const START = Buffer.from([0xff, 0xd8]);
const JFIF = segment(0xe0, "JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
const TABLE = segment(0xdb, `\0${"\xff\xd9".repeat(32)}`); // holds what looks like an end
/** Two scans with stuffing and a restart, a table between them, and the end. */
const PICTURE = Buffer.concat([segment(0xda, "\x01\x01\0\0\x3f\0"), Buffer.from([1, 0xff, 0, 2, 0xff, 0xd0, 3]), TABLE, segment(0xda, "\x01\x01\0\0\x3f\0"), Buffer.from([4, 0xff, 0xd9])]);
/** @param {string} order "MM" or "II" @param {number} orientation */
function exif(order, orientation) {
  const tiff = Buffer.alloc(26);
  tiff.write(`${order}${order === "MM" ? "\0*" : "*\0"}`, 0, "latin1");
  const [short, long] = order === "MM" ? [tiff.writeUInt16BE, tiff.writeUInt32BE] : [tiff.writeUInt16LE, tiff.writeUInt32LE];
  long.call(tiff, 8, 4);
  [[1, 8], [0x0112, 10], [3, 12], [orientation, 18]].forEach(([value, at]) => short.call(tiff, value, at));
  long.call(tiff, 1, 14);
  return segment(0xe1, `Exif\0\0${tiff.toString("latin1")}GPSLatitude 48.137`);
}
/** @param {Buffer[]} parts @returns {Buffer | null} */
const kept = (...parts) => { const found = withoutNotes(new Uint8Array(Buffer.concat(parts))); return found && Buffer.concat(found); };

test("tables, profile and picture stay; notes, comments and what hangs behind go", () => {
  const profile = segment(0xe2, "ICC_PROFILE\0\x01\x01abc");
  const out = kept(START, JFIF, exif("MM", 1), profile, segment(0xe2, "MPF\0second picture"), segment(0xed, "Photoshop"), segment(0xfe, "a comment"), TABLE, PICTURE, Buffer.from("a film with a place"));
  assert.deepEqual(out, Buffer.concat([START, JFIF, profile, TABLE, PICTURE]));
});
for (const order of ["MM", "II"]) {
  test(`which side is up stays (${order})`, () => {
    const out = kept(START, exif(order, 6), JFIF, PICTURE);
    assert.ok(out && !out.includes("GPS"));
    assert.deepEqual([...out.subarray(0, 8)], [0xff, 0xd8, 0xff, 0xe1, 0, 34, 0x45, 0x78]);
    assert.equal(out.length, START.length + 36 + JFIF.length + PICTURE.length);
    assert.equal(out[2 + 4 + 25], 6);
  });
}
test("a note that points beyond its end turns nothing", () => assert.deepEqual(kept(START, segment(0xe1, "Exif\0\0MM\0*\0\0\xff\xff"), PICTURE), Buffer.concat([START, PICTURE])));
test("what is no JPEG, or a broken one, is not ours to cut", () => {
  for (const odd of ["", "\xff\xd8", "\xff\xd8\xff\xe0\xff\xff", "GIF89a", "\xff\xd8\x00\x00\x00\x00"]) assert.equal(kept(Buffer.from(odd, "latin1")), null);
});
