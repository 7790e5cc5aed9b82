// Waiting for a job of the service.
import { api } from "./api.js";

const PATIENCE = 1500;

/** Waits until a job is over; `seen` hears how far it has come. @param {string} job @param {(job: import("./types.js").Job) => void} [seen] @returns {Promise<import("./types.js").Job>} */
export async function jobDone(job, seen) {
  for (;;) {
    const now = await api.get(`/v1/jobs/${job}`);
    if (now.state !== "queued" && now.state !== "running") return now;
    seen?.(now);
    await new Promise((resolve) => setTimeout(resolve, PATIENCE));
  }
}
