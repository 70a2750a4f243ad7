/** What @feelback/js 0.3.4 puts at window.feelback. */

export type StoreType = "local" | "session" | "memory";
export type TargetContent = { contentId: string } | { contentSetId: string; key?: string };
export interface ContainerConfig {
  component?: "buttons" | "form";
  contentSetId?: string;
  key?: string;
  contentId?: string;
  revokable?: boolean;
  behavior?: string;
  showCount?: boolean;
}
export interface FeelbackStore {
  clear(): void;
  remove(what: TargetContent | string): void;
  getValue(target: TargetContent): unknown;
  isRevokable(target: TargetContent): boolean;
  getRevocable(what: TargetContent | string): { feelbackId: string; revokeToken: string } | undefined;
}

export function setupFeelback(config?: { store?: StoreType; endpoint?: string }): void;
export function getConfigFromElement(element: Element): ContainerConfig | undefined;
export function calculateContentKey(keyOrMode?: string, url?: string | URL): string;
export function sendFeelback(params: TargetContent & {
  endpoint?: string;
  value: unknown;
  metadata?: Record<string, string | number>;
  revokable?: boolean;
  expireIn?: number;
  store?: StoreType | "none";
}): Promise<void>;
export function removeFeelback(options: { endpoint?: string; feelbackId: string; revokeToken?: string }): Promise<void>;
export function getFeelbackAggregates(params: TargetContent & { endpoint?: string }): Promise<number[] | undefined>;
export function getFeelbackStore(type?: StoreType): FeelbackStore;
export function getLocalFeelbackValue(target: TargetContent, store?: StoreType): unknown;
