/** A value as it grows: what is in it stays when the work that fills it ends early. */
export type Collected<Value> = { -readonly [Key in keyof Value]: Value[Key] };
