import { Module } from '@nestjs/common';
import { LiveFeedModule } from '../../command-center/live/live-feed.module.js';
import { SyncNews } from './sync-news.js';

/** Tells open pages of the sync. */
@Module({ imports: [LiveFeedModule], providers: [SyncNews], exports: [SyncNews] })
export class SyncNewsModule {}
