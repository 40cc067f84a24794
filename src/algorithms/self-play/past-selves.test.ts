import { describe, expect, it } from "vitest";
import { FormatError } from "../../errors.ts";
import { mlp } from "../../nn/index.ts";
import { Key } from "../../random/index.ts";
import { become, PastSelves } from "./past-selves.ts";

const network = (seed: number) => mlp({ inputs: 2, hidden: [3], outputs: 1, key: Key.fromSeed(seed) });
const weights = (net: ReturnType<typeof network>) => [...net.parameters()["0.weight"]!.toArray()];

describe("past selves", () => {
  it("are copies, the last so many of them", () => {
    const net = network(1);
    const before = weights(net);
    const pool = new PastSelves(2);
    pool.add(net.parameters(), 10);
    net.parameters()["0.weight"]!.set(weights(network(2)));
    pool.add(net.parameters(), 20);
    const other = network(3);
    become(other, pool.get(0));
    expect(weights(other)).toEqual(before);
    pool.add(net.parameters(), 30);
    expect(pool.count).toBe(2);
    expect([pool.get(0).rating, pool.get(1).rating]).toEqual([20, 30]);
    become(other, pool.get(0));
    expect(weights(other)).toEqual(weights(network(2)));
  });

  it("come back from what was saved, and refuse what is not theirs", () => {
    const pool = new PastSelves(5);
    for (const seed of [1, 2]) pool.add(network(seed).parameters(), seed);
    const { ratings, arrays } = pool.save();
    const again = new PastSelves(5);
    again.load(ratings, arrays, network(0).parameters());
    expect(again.count).toBe(2);
    const net = network(9);
    become(net, again.get(1));
    expect(weights(net)).toEqual(weights(network(2)));
    expect(again.get(1).rating).toBe(2);
    const { "pastSelf/1/0.weight": _, ...fewer } = arrays;
    expect(() => again.load(ratings, fewer, network(0).parameters())).toThrow(FormatError);
  });
});
