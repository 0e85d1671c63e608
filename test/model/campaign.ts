import { Coverage } from './coverage.js';
import type { Player } from './player.js';
import type { Safeguard } from './safeguards.js';

/** Each process plays in two worlds at once: while one waits for a server, the other goes on. */
const WORLDS = 2;
const REDUCE_MS = 120_000;

export interface Campaign {
  seed: number;
  /** The first history, by its number. */
  from: number;
  runs: number;
  /** performance.now() after which no more are begun. */
  until?: number;
  lacking?: Safeguard;
  /** Makes the first history that goes wrong as short as it can be. */
  reduce: boolean;
  /** Told after each history. */
  played?: (histories: number) => void;
}

export interface Played {
  histories: number;
  /** Edits in Salesforce that were committed between our reading and our writing of that very field. */
  unavoidable: number;
  coverage: Coverage;
  /** Undefined: nothing was wrong in any history. */
  failure: { index: number; wrongs: string[]; smallest: string } | undefined;
}

/** Plays the histories of a seed, one after the other, on all players at once, until one goes wrong. */
export async function playCampaign(players: readonly Player[], campaign: Campaign): Promise<Played> {
  const { seed, from, runs, lacking, until = Infinity } = campaign;
  await Promise.all(players.map((player) => player.ask({ kind: 'open', worlds: WORLDS, lacking })));
  let next = from;
  let histories = 0;
  let unavoidable = 0;
  let failing: { index: number; wrongs: string[]; player: Player; world: number } | undefined;
  const playIn = async (player: Player, world: number): Promise<void> => {
    while (!failing && next < from + runs && performance.now() < until) {
      const index = next++;
      const outcome = await player.ask({ kind: 'play', world, seed, index });
      histories += 1;
      unavoidable += outcome.unavoidable;
      campaign.played?.(histories);
      if (outcome.wrongs.length > 0) failing ??= { index, wrongs: outcome.wrongs, player, world };
    }
  };
  const places = players.flatMap((player) => Array.from({ length: WORLDS }, (_, world) => ({ player, world })));
  await Promise.all(places.map(({ player, world }) => playIn(player, world)));

  let failure: Played['failure'];
  if (failing) {
    const { index, wrongs, player, world } = failing;
    const order = { kind: 'reduce' as const, world, seed, index, ms: REDUCE_MS };
    failure = { index, wrongs, smallest: campaign.reduce ? await player.ask(order) : '' };
  }
  const coverage = new Coverage();
  for (const player of players) coverage.add(await player.ask({ kind: 'close' }));
  return { histories, unavoidable, coverage, failure };
}
