import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Team } from '../../../accounts/team.entity.js';

/** What the digests of a team are made with: nobody finds an address by trying without it. */
@Entity('erasure_keys')
@ForeignKey(() => Team, ['teamId'], ['id'], { name: 'fk_erasure_keys_team', onDelete: 'CASCADE' })
export class ErasureKey {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_erasure_keys' })
  teamId: string;

  /** Sealed by SecretBox, so that it outlives the installation's keys. */
  @Column('text', { name: 'key_sealed' })
  keySealed: string;
}

/** An address whose person unsubscribed and was erased: it cannot be read, only met again. */
@Entity('erased_unsubscribes')
@ForeignKey(() => Team, ['teamId'], ['id'], { name: 'fk_erased_unsubscribes_team', onDelete: 'CASCADE' })
export class ErasedUnsubscribe {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_erased_unsubscribes' })
  teamId: string;

  /** HMAC-SHA-256 of the address in lower case, with the team's key. */
  @PrimaryColumn('bytea', { primaryKeyConstraintName: 'pk_erased_unsubscribes' })
  digest: Buffer;

  @Column('timestamptz')
  at: Date;
}
