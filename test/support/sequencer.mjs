import Sequencer from '@jest/test-sequencer';

const longestFirst = ['histories.process', 'safeguards.process', '.process'];
const rank = ({ path }) => {
  const at = longestFirst.findIndex((part) => path.includes(part));
  return at === -1 ? longestFirst.length : at;
};

/** What takes minutes begins first, so that it does not run alone at the end, on one core. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    return [...sorted].sort((a, b) => rank(a) - rank(b));
  }
}
