import { useQuery } from '@tanstack/react-query';
import { answerOf, api } from '../api/client';
import { Failed, PageLoading } from '../ui/states';
import { Channels } from './channels';
import { Identities } from './identities';

/** As whom one writes, and by which mail servers it goes out. */
export function EmailPage() {
  const channels = useQuery({
    queryKey: ['channels'],
    queryFn: () => answerOf(api.GET('/v1/channels')),
    refetchInterval: 15_000,
  });
  const identities = useQuery({ queryKey: ['identities'], queryFn: () => answerOf(api.GET('/v1/identities')) });
  if (channels.isPending || identities.isPending) return <PageLoading />;
  if (!channels.data) return <Failed error={channels.error} retry={() => void channels.refetch()} />;
  if (!identities.data) return <Failed error={identities.error} retry={() => void identities.refetch()} />;
  return (
    <div className="stack">
      <Channels channels={channels.data.data} />
      <Identities identities={identities.data.data} />
    </div>
  );
}
