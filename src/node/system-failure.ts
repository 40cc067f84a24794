/** What the system refused, as one sentence that a person can act on. */

import { RunError } from "../errors.ts";

/** What the commonest refusals mean and what to do about them. */
const ADVICE: Readonly<Record<string, readonly [meaning: string, advice: string]>> = {
  ENOSPC: ["no space is left on the device", "Free some space or choose another directory."],
  EDQUOT: ["the disk quota is used up", "Free some space or choose another directory."],
  EACCES: ["permission is denied", "Change the permissions or choose another directory."],
  EPERM: ["the operation is not permitted", "Change the permissions or choose another directory."],
  EROFS: ["the file system is read-only", "Choose a directory on a disk that can be written."],
  ENOENT: ["there is no such file or directory", "Check the path."],
  ENOTDIR: ["a part of the path is not a directory", "Check the path."],
  EEXIST: ["a file of that name exists", "Choose another path."],
  ENAMETOOLONG: ["the name is too long", "Choose a shorter one."],
  ELOOP: ["its links lead in a circle", "Check the path."],
  EISDIR: ["it is a directory", "Check the path."],
  EFBIG: ["the file would be too large", "Raise the limit on the size of files."],
  EMFILE: ["too many files are open", "Raise the limit on open files."],
  EIO: ["the device reports an input/output error", "Check the disk."],
};

/**
 * A RunError that says which file, what the system said and what to do:
 * `runs/a/config.json could not be written: no space is left on the device (ENOSPC). Free some space or …`
 */
export function systemFailure(path: string, what: string, error: unknown): RunError {
  const code = systemCode(error);
  const [meaning, advice] = ADVICE[code ?? ""] ?? [
    error instanceof Error ? error.message : String(error),
    "Check the disk.",
  ];
  return new RunError(`${path} could not be ${what}: ${meaning}${code ? ` (${code})` : ""}. ${advice}`, {
    cause: error,
  });
}

/** The system's error code, such as `ENOENT`, where there is one. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
