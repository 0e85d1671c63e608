import { expect, test } from '@jest/globals';
import { outcomeOf } from '../../../src/mail/dispatch/send-outcome.js';

function outcome(command: string, response: string) {
  const facts = { command, response, responseCode: Number(response.slice(0, 3)), message: 'refused' };
  return outcomeOf(facts, { begun: false, drained: false });
}

test.each([
  '550 5.1.1 nobody',
  '550 5.1.1 <ann@relay.example>: User unknown in relay recipient table',
  '550 No such user here',
  '550 5.0.0 <relay-denied@acme.example> unknown',
  '552 5.2.2 mailbox full',
  '550 5.7.13 the account is disabled',
  '550 5.7.17 mailbox owner has changed',
  '551 5.1.6 moved, see 5.7.1.2 of our manual',
])('at RCPT, about the recipient: %s', (response) => {
  expect(outcome('RCPT TO', response)).toEqual({ kind: 'bounced', response, channelTrouble: null });
});

test.each([
  '554 5.7.1 <grace@navy.example>: Relay access denied',
  '550 relay not permitted',
  '550 relaying denied',
  '550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain',
  '553 sorry, that domain isn’t in my list of allowed rcpthosts (#5.7.1)',
  '550 5.7.1 Authentication required',
  '550 5.7.57 Client not authenticated to send mail',
  '553 5.7.1 <ann@acme.example>: Sender address rejected: not owned by user bob',
  '550 5.1.8 <ann@acme.example>: domain of sender does not exist',
  '550 Sender verify failed',
])('at RCPT, about us: %s', (response) => {
  expect(outcome('RCPT TO', response)).toEqual({
    ...{ kind: 'failed', reason: 'server_refused', response, channelTrouble: 'sender' },
  });
});

test.each([
  ['RCPT TO', '550 5.7.1 rejected by a rule of ours', null],
  ['RCPT TO', '530 5.7.0 log in first', 'auth'],
  ['MAIL FROM', '550 5.7.1 not you', 'sender'],
  ['MAIL FROM', '552 5.3.4 too large', null],
  ['DATA', '554 5.2.252 SendAsDenied; not allowed to send as this sender', 'sender'],
  ['DATA', '550 5.7.60 Client does not have permissions to send as this sender', 'sender'],
  ['DATA', '554 5.7.1 looks like spam; relay access denied', null],
])('at %s, a failure: %s', (command, response, channelTrouble) => {
  expect(outcome(command, response)).toMatchObject({ kind: 'failed', response, channelTrouble });
});

test('at RCPT, not for good: put off', () => {
  expect(outcome('RCPT TO', '454 4.7.1 Relay access denied')).toMatchObject({ kind: 'later', channelTrouble: null });
});
