// Preloaded (`node --import`) into a command that is measured: on its last line of stderr, the seconds that all its threads computed.
import { isMainThread } from "node:worker_threads";

if (isMainThread) {
  process.on("exit", () => {
    const { user, system } = process.cpuUsage();
    process.stderr.write(`cpu seconds ${(user + system) / 1e6}\n`);
  });
}
