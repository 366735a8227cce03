/** A box to place. Sizes are in pixels. */
export interface LayoutNode {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

export interface LayoutEdge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** Counts for how straight it is drawn. Default 1. */
  readonly weight?: number;
  /** Size of its label, when it has one. */
  readonly label?: { readonly width: number; readonly height: number };
}

export interface LayoutOptions {
  /** Between boxes of one layer. Default 36. */
  nodeGap?: number;
  /** Between layers. Default 64. */
  layerGap?: number;
  /** An edge across more layers is an arc beside the boxes. Default 6. */
  longestLine?: number;
  /** Asked now and then; once it says true there is no layout. Without it the result depends on nothing but the graph. */
  isOver?: () => boolean;
}

export interface PlacedNode {
  readonly id: string;
  /** The middle of the box. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** From 0, at the top. */
  readonly layer: number;
}

export interface PlacedEdge {
  readonly id: string;
  /** `arc`: forward, beside the boxes. `back`: against the direction, beside the boxes on the other side. */
  readonly kind: 'line' | 'arc' | 'back' | 'self';
  /** A line goes through its points; an arc, a back edge and a loop are drawn with the two in the middle as control points. */
  readonly points: readonly (readonly [x: number, y: number])[];
  /** The middle of its label. */
  readonly label?: readonly [x: number, y: number];
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly layers: number;
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}
