package dev.stream.core.listen;

import dev.stream.core.event.StreamEvent;
import dev.stream.core.event.StreamListener;

/** Keeps an application's listener from harming replication. Safe for use by several threads. */
public final class SafeListener implements StreamListener {

  private final StreamListener target;
  private final ListenerCalls calls;

  private SafeListener(StreamListener target) {
    this.target = target;
    this.calls = new ListenerCalls(target);
  }

  /** The listener, made safe; itself if it is already. */
  public static SafeListener of(StreamListener target) {
    return target instanceof SafeListener safe ? safe : new SafeListener(target);
  }

  @Override
  public void onEvent(StreamEvent event) {
    calls.run(event.getClass().getSimpleName(), () -> target.onEvent(event));
  }
}
