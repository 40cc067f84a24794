export { ensureBytes, firstFreeByte, memory, run } from "./engine.ts";
export { Op } from "./opcodes.ts";
