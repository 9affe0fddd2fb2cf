import { type Measure, measureSideBySide, type SideBySide } from "@gasless/localnet/testing/side-by-side";

/** Works through all items once. */
export type Work = () => void | Promise<void>;

/** CPU of the whole process, its thread pool too: that is where WebCrypto works. In microseconds per item. */
const cpuPerItem =
  (work: Work, items: number): Measure =>
  async () => {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / items;
  };

/** CPU of two works on the same items, in turns. In microseconds per item. */
export const compareCpu = (left: Work, right: Work, items: number, rounds: number): Promise<SideBySide> =>
  measureSideBySide(cpuPerItem(left, items), cpuPerItem(right, items), { rounds, turnsPerRound: 6, warmUpRounds: 4 });
