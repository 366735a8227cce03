/** One session with one step and one model call in it, which takes as long as the server of the test wants. */
import OpenAI from 'openai';
import { withSession, withStep } from 'spoor';

await withSession({ id: 'open-run', name: 'slow hunt', task: 'Find the parcel' }, () =>
  withStep({ name: 'ask', goal: 'know where it is' }, async () => {
    const answer = await new OpenAI().chat.completions.create({
      model: 'model-a',
      messages: [{ role: 'user', content: 'Where is the parcel? The key is sk-abcdefgh12345678.' }],
    });
    console.log(answer.choices[0]?.message.content);
  }),
);
