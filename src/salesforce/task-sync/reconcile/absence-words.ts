/** What an alarm says: what is happening, and what to do. */
export function absenceWords(alarm: { absent: number; asked: number; seesAll: boolean | null }): {
  sentence: string;
  advice: string;
} {
  const { absent, asked, seesAll } = alarm;
  const records = absent === 1 ? '1 Salesforce Task is' : `${absent} Salesforce Tasks are`;
  if (seesAll === false) {
    return {
      sentence:
        `The integration user has no “View All Data” in Salesforce any more, and ${records} not to be seen. ` +
        'Nothing was deleted here.',
      advice: 'Give the integration user “View All Data” back. The sync looks again by itself every 15 minutes.',
    };
  }
  return {
    sentence: `Of ${asked} Salesforce Tasks, ${records} not to be seen any more, all at once. Nothing was deleted here.`,
    advice:
      'Check that the integration user still has “View All Data” and sees these records. If they were deleted for ' +
      'good in Salesforce, confirm it, and these tasks are deleted here too; else dismiss the alarm to look again.',
  };
}
