/** How the loopback provider speaks Realtime over a WebSocket, in the older and in the newer words. Content invented. */

/** Names of events and parts that differ. */
export const NEWER = {
  item: 'conversation.item.added',
  textDelta: 'response.output_text.delta',
  wordsDelta: 'response.output_audio_transcript.delta',
  soundDelta: 'response.output_audio.delta',
  text: 'output_text',
  audio: 'output_audio',
};
export const OLDER = {
  item: 'conversation.item.created',
  textDelta: 'response.text.delta',
  wordsDelta: 'response.audio_transcript.delta',
  soundDelta: 'response.audio.delta',
  text: 'text',
  audio: 'audio',
};

const USAGE = {
  total_tokens: 30,
  input_tokens: 20,
  output_tokens: 10,
  input_token_details: {
    text_tokens: 8,
    audio_tokens: 12,
    cached_tokens: 6,
    cached_tokens_details: { text_tokens: 4, audio_tokens: 2 },
  },
  output_token_details: { text_tokens: 3, audio_tokens: 7 },
};

/** What the server says of one connection. */
class Talk {
  constructor(exchange, words) {
    this.x = exchange;
    this.words = words;
    this.count = 0;
  }

  send(...events) {
    for (const event of events) {
      this.count += 1;
      this.x.send({ event_id: `event_${this.count}`, ...event });
    }
  }

  /** The next event of the program of this type; items are confirmed on the way. */
  async next(type) {
    for (let event = await this.x.next(); event !== undefined; event = await this.x.next()) {
      if (event.type === 'conversation.item.create') this.confirm(event.item);
      if (event.type === 'session.update') {
        this.send({ type: 'session.updated', session: { ...this.session, ...event.session } });
      }
      if (event.type === type) return event;
    }
    throw new Error('the program is gone');
  }

  confirm(item) {
    const content = item.content?.map(({ audio: _audio, ...part }) => part);
    const confirmed = { id: 'item_in', ...item, ...(content && { content }) };
    this.send({ type: this.words.item, previous_item_id: null, item: confirmed });
  }

  begin(session = {}) {
    this.session = { id: 'sess_1', object: 'realtime.session', model: 'gpt-realtime', ...session };
    this.send({ type: 'session.created', session: this.session });
  }

  /** The sound that was sent becomes an item. */
  hears() {
    this.send({ type: 'input_audio_buffer.committed', previous_item_id: null, item_id: 'item_voice' });
    this.confirm({
      id: 'item_voice',
      object: 'realtime.item',
      type: 'message',
      role: 'user',
      content: [{ type: 'input_audio', transcript: null }],
    });
  }

  response(id, status, output, extra = {}) {
    return {
      object: 'realtime.response',
      id,
      status,
      status_details: null,
      conversation_id: 'conv_1',
      output,
      usage: null,
      ...extra,
    };
  }

  created(id, extra) {
    this.send({ type: 'response.created', response: this.response(id, 'in_progress', [], extra) });
  }

  done(id, output, status = 'completed', extra = {}) {
    const response = this.response(id, status, output, { usage: USAGE, ...extra });
    this.send({ type: 'response.done', response });
  }

  /** An item begins. */
  added(id, item, index = 0) {
    this.send({
      type: 'response.output_item.added',
      response_id: id,
      output_index: index,
      item: { status: 'in_progress', ...item },
    });
  }

  delta(id, type, delta, extra = {}) {
    this.send({
      type,
      response_id: id,
      item_id: `msg_${id}`,
      output_index: 0,
      content_index: 0,
      delta,
      ...extra,
    });
  }

  message(id, content, status = 'completed') {
    return { id: `msg_${id}`, object: 'realtime.item', type: 'message', status, role: 'assistant', content };
  }

  /** A whole answer of text. */
  says(id, pieces, extra) {
    this.created(id, extra);
    this.added(id, this.message(id, [], 'in_progress'));
    for (const piece of pieces) this.delta(id, this.words.textDelta, piece);
    this.ends(id, pieces, extra);
  }

  ends(id, pieces, extra) {
    const item = this.message(id, [{ type: this.words.text, text: pieces.join('') }]);
    this.send({ type: 'response.output_item.done', response_id: id, output_index: 0, item });
    this.done(id, [item], 'completed', extra);
  }
}

const ASK = 'response.create';
const base64 = (text) => Buffer.from(text).toString('base64');
const CALL = {
  id: 'item_call',
  object: 'realtime.item',
  type: 'function_call',
  name: 'get_weather',
  call_id: 'call_1',
};

function plansOf(words) {
  const plan = (run, session) => async (x) => {
    const talk = new Talk(x, words);
    talk.begin(session);
    await run(talk);
    await x.hang();
  };
  return {
    Text: plan(async (talk) => {
      for (let turn = 1; ; turn += 1) {
        await talk.next(ASK);
        talk.says(`resp_${turn}`, ['Hel', 'lo.']);
      }
    }),
    Tools: plan(async (talk) => {
      await talk.next(ASK);
      const whole = { ...CALL, status: 'completed', arguments: '{"city":"Oslo"}' };
      talk.created('resp_1');
      talk.added('resp_1', { ...CALL, arguments: '' });
      for (const piece of ['{"city":', '"Oslo"}']) {
        talk.delta('resp_1', 'response.function_call_arguments.delta', piece, { call_id: 'call_1' });
      }
      talk.done('resp_1', [whole]);
      await talk.next(ASK);
      talk.says('resp_2', ['Snow.']);
    }),
    Audio: plan(async (talk) => {
      await talk.next('input_audio_buffer.commit');
      talk.hears();
      await talk.next(ASK);
      speaks(talk);
    }, SPOKEN),
    Voice: plan(async (talk) => {
      await talk.next('input_audio_buffer.append');
      await talk.next('input_audio_buffer.append');
      talk.send({ type: 'input_audio_buffer.speech_stopped', audio_end_ms: 100, item_id: 'item_voice' });
      talk.hears();
      speaks(talk);
    }, SPOKEN),
    Interleaved: plan(async (talk) => {
      const [first, second] = [await talk.next(ASK), await talk.next(ASK)];
      // The other way round: each is known by its metadata.
      const [one, other] = [
        ['resp_2', { metadata: second.response.metadata, conversation_id: null }],
        ['resp_1', { metadata: first.response.metadata }],
      ];
      for (const [id, extra] of [one, other]) {
        talk.created(id, extra);
        talk.added(id, talk.message(id, [], 'in_progress'));
      }
      for (const piece of ['A', 'B']) {
        for (const [id] of [other, one]) talk.delta(id, words.textDelta, `${piece}${id.at(-1)}`);
      }
      talk.ends('resp_1', ['A1', 'B1'], other[1]);
      talk.ends('resp_2', ['A2', 'B2'], one[1]);
    }),
    Cancel: plan(async (talk) => {
      await talk.next(ASK);
      halfSaid(talk);
      await talk.next('response.cancel');
      const item = talk.message('resp_1', [{ type: words.text, text: 'Hel' }], 'incomplete');
      talk.done('resp_1', [item], 'cancelled', {
        status_details: { type: 'cancelled', reason: 'client_cancelled' },
      });
    }),
    Failed: plan(async (talk) => {
      await talk.next(ASK);
      talk.created('resp_1');
      talk.done('resp_1', [], 'failed', {
        usage: null,
        status_details: {
          type: 'failed',
          error: { type: 'server_error', code: 'rate_limit_exceeded', message: 'Slow down.' },
        },
      });
    }),
    Incomplete: plan(async (talk) => {
      await talk.next(ASK);
      halfSaid(talk);
      const item = talk.message('resp_1', [{ type: words.text, text: 'Hel' }], 'incomplete');
      talk.done('resp_1', [item], 'incomplete', {
        status_details: { type: 'incomplete', reason: 'max_output_tokens' },
      });
    }),
    Refused: plan(async (talk) => {
      const ask = await talk.next(ASK);
      talk.send({
        type: 'error',
        error: {
          type: 'invalid_request_error',
          code: 'conversation_already_has_active_response',
          message: 'There is one already.',
          param: null,
          event_id: ask.event_id ?? null,
        },
      });
      await talk.next(ASK);
      talk.says('resp_2', ['Hel', 'lo.']);
    }),
    OtherError: plan(async (talk) => {
      await talk.next(ASK);
      talk.created('resp_1');
      await talk.next('input_audio_buffer.commit');
      talk.send({
        type: 'error',
        error: {
          type: 'invalid_request_error',
          code: 'input_audio_buffer_commit_empty',
          message: 'Nothing was said.',
          param: null,
          event_id: null,
        },
      });
      talk.ends('resp_1', ['Hel', 'lo.']);
    }),
    Drop: plan(async (talk) => {
      await talk.next(ASK);
      halfSaid(talk);
      await talk.next('input_audio_buffer.clear');
      await talk.x.cut();
    }),
    /** Lost, and open again for the next attempt. */
    Reconnect: plan(async (talk) => {
      await talk.next(ASK);
      talk.x.scene.wasLost ??= false;
      if (talk.x.scene.wasLost) {
        talk.says('resp_2', ['Hel', 'lo.']);
        return;
      }
      talk.x.scene.wasLost = true;
      halfSaid(talk);
      await talk.next('input_audio_buffer.clear');
      await talk.x.cut();
    }),
    Hang: plan(async (talk) => {
      await talk.next(ASK);
      halfSaid(talk);
    }),
  };

  function halfSaid(talk) {
    talk.created('resp_1');
    talk.added('resp_1', talk.message('resp_1', [], 'in_progress'));
    talk.delta('resp_1', words.textDelta, 'Hel');
  }

  function speaks(talk) {
    const id = 'resp_1';
    talk.created(id);
    talk.added(id, talk.message(id, [], 'in_progress'));
    talk.delta(id, words.wordsDelta, 'Hel');
    talk.delta(id, words.soundDelta, base64('sound of '));
    talk.send({
      type: 'conversation.item.input_audio_transcription.completed',
      item_id: 'item_voice',
      content_index: 0,
      transcript: 'Say hello.',
    });
    talk.delta(id, words.soundDelta, base64('a hello'));
    talk.delta(id, words.wordsDelta, 'lo.');
    talk.done(id, [talk.message(id, [{ type: words.audio, transcript: 'Hello.' }])]);
  }
}

const SPOKEN = {
  instructions: 'Be short.',
  output_modalities: ['audio'],
  audio: { input: { format: { type: 'audio/pcm', rate: 24000 } } },
};

const named = (prefix, all) =>
  Object.fromEntries(Object.entries(all).map(([name, plan]) => [`${prefix}${name}`, plan]));

export const plans = { ...named('realtime', plansOf(NEWER)), ...named('olderRealtime', plansOf(OLDER)) };
