import type { VNode } from 'preact';
import type { Field } from '../model/fields.js';
import { FoldedText } from './folded-text.js';

/** Names and values under a heading; nothing when there are none. */
export function FieldList({ title, fields }: { title?: string; fields: readonly Field[] }): VNode | null {
  if (fields.length === 0) return null;
  return (
    <section class="fields">
      {title === undefined ? null : <h3>{title}</h3>}
      <dl>
        {fields.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <FoldedText text={value} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
