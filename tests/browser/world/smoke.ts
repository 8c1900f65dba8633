/** What every browser can be asked, however it is driven: just enough for one story. */

/** A browser that can be driven. */
export interface Driver {
  /** Opens an address as somebody of their own: with no cookies and nothing kept. */
  open(url: string): Promise<Screen>;
  close(): Promise<void>;
}

/** Somebody's page. */
export interface Screen {
  /** Writes into the field with this label. */
  fill(label: string, text: string): Promise<void>;
  /** Clicks the button with this name. */
  press(name: string): Promise<void>;
  /** Presses Enter where the caret is. */
  enter(): Promise<void>;
  /** Waits until this text is among the messages. */
  sees(text: string): Promise<void>;
  /** How many messages have this text. */
  count(text: string): Promise<number>;
  reload(): Promise<void>;
}
