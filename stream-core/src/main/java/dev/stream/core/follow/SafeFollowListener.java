package dev.stream.core.follow;

import dev.stream.core.listen.ListenerCalls;

/** Keeps an application's listener from harming the copy. */
final class SafeFollowListener implements FollowListener {

  private final FollowListener target;
  private final ListenerCalls calls;

  SafeFollowListener(FollowListener target) {
    this.target = target;
    this.calls = new ListenerCalls(target);
  }

  @Override
  public void onCurrent(FollowStatus status) {
    calls.run("onCurrent", () -> target.onCurrent(status));
  }

  @Override
  public void onReseed(String reason) {
    calls.run("onReseed", () -> target.onReseed(reason));
  }

  @Override
  public void onTrouble(String message) {
    calls.run("onTrouble", () -> target.onTrouble(message));
  }

  @Override
  public void onRecovered() {
    calls.run("onRecovered", target::onRecovered);
  }
}
