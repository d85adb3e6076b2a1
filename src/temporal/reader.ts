import type { HistoryReader } from '../engine/history-reader.js';
import { isPlainEncoding } from './codec/plain-encodings.js';
import { commandWords } from './history/command-events.js';
import { TemporalHistory } from './history/temporal-history.js';
import { languageOf } from './sdk-languages.js';
import { isUndecodablePayload, isUnregisteredType, parseSdkMessage } from './sdk-message.js';
import { versionLeft } from './version-range.js';

export const temporalReader: HistoryReader = {
  historyFormat: 'temporal.api.history.v1.History',
  readHistory: (bytes) => TemporalHistory.of(bytes),
  commandWords,
  readMessage: parseSdkMessage,
  versionLeft,
  isUnregisteredType,
  isUndecodablePayload,
  isPlainEncoding,
  languageOf,
};
