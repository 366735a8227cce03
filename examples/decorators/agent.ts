/** A shop's assistant as a class: every method says what kind of work it is, and stays the method that it was. */
import { agent, embedding, event, prompt, retrieval, step, tool, withSession } from 'spoor';

interface Offer {
  readonly item: string;
  readonly use: string;
  readonly price: number;
}

/** A model's answer, in the shape that its API has. */
interface Completion {
  readonly model: string;
  readonly text: string;
  readonly usage: { readonly input_tokens: number; readonly output_tokens: number };
}

// #region warehouse
class Warehouse {
  readonly #stock = new Map([['kettle', 3]]);

  @tool({ description: 'How many there are' })
  count(item: string): number {
    return this.#read(item);
  }

  // Private members can be decorated too.
  @tool
  #read(item: string): number {
    return this.#stock.get(item) ?? 0;
  }

  @event({ description: 'Puts an item aside' })
  reserve(item: string): string {
    const left = this.count(item);
    if (left === 0) throw new Error(`no ${item} left`);
    this.#stock.set(item, left - 1);
    return `reserved 1 of ${left}`;
  }
}
// #endregion

class Assistant {
  static readonly offers: readonly Offer[] = [
    { item: 'kettle', use: 'boils water for tea', price: 39 },
    { item: 'desk lamp', use: 'light to read by', price: 50 },
    { item: 'teapot', use: 'keeps tea hot', price: 24 },
  ];
  static readonly #vocabulary = ['tea', 'light', 'book'];

  readonly #warehouse: Warehouse;
  readonly #model: string;

  constructor(warehouse: Warehouse, model: string) {
    this.#warehouse = warehouse;
    this.#model = model;
  }

  @agent({ name: 'shop-assistant', tags: ['example'] })
  async serve(question: string): Promise<string> {
    const offers = await this.find(question);
    const said: string[] = [];
    for (const offer of offers) said.push(await this.offer(offer));
    return said.join('\n');
  }

  @retrieval
  async find(question: string): Promise<readonly Offer[]> {
    const [wanted = [], ...known] = await Assistant.embed([
      question,
      ...Assistant.offers.map(({ use }) => use),
    ]);
    return Assistant.offers.filter((_, at) =>
      known[at]?.some((value, word) => value * (wanted[word] ?? 0) > 0),
    );
  }

  // A static method. Vectors are long and tell a reader nothing.
  @embedding({ model: 'toy-embedding', captureOutput: false })
  static async embed(texts: readonly string[]): Promise<number[][]> {
    return texts.map((text) => Assistant.#vocabulary.map((word) => (text.includes(word) ? 1 : 0)));
  }

  @step({ name: 'offer', goal: 'one item is reserved and offered' })
  async offer(offer: Offer): Promise<string> {
    try {
      this.#warehouse.reserve(offer.item);
    } catch (error) {
      return (error as Error).message;
    }
    const { text } = await this.write(offer);
    return text;
  }

  // Model and usage are read from what comes back.
  @prompt()
  async write({ item, price }: Offer): Promise<Completion> {
    const text = `A ${item} for ${price} EUR is put aside for you.`;
    return { model: this.#model, text, usage: { input_tokens: 18, output_tokens: 12 } };
  }
}

await withSession({ name: 'shop', task: 'Something to make tea with' }, async () => {
  const assistant = new Assistant(new Warehouse(), 'toy-model-1');
  console.log(await assistant.serve('something to make tea with'));
});
