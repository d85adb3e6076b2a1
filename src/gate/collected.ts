/** A value that a stage fills. What it holds stays when the stage ends early. */
export type Collected<Value> = { -readonly [Key in keyof Value]: Value[Key] };
