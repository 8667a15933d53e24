import { ACCOUNT_ANSWERS } from './account.ts';
import { MODEL_ANSWERS } from './model.ts';
import { REQUEST_ANSWERS } from './request.ts';
import { SERVER_ANSWERS } from './server.ts';
import type { Answer } from './answer.ts';

/** Every answer that refuses. */
export const ANSWERS: readonly Answer[] = [...ACCOUNT_ANSWERS, ...MODEL_ANSWERS, ...REQUEST_ANSWERS, ...SERVER_ANSWERS];
