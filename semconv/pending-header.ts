/**
 * Header of a translator's answer to spans, with the value `1`: it takes spans that are still open too, as records without
 * an end. No back end that does not send it gets one.
 */
export const PENDING_HEADER = 'spoor-pending' as const;
