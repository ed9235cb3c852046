package dev.stream.core.listen;

import dev.stream.core.event.StreamListener;
import java.nio.file.Path;
import java.time.Duration;

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
  public void onGeneration(String generation, String reason) {
    calls.run("onGeneration", () -> target.onGeneration(generation, reason));
  }

  @Override
  public void onCatchUp(
      String generation, String reason, long firstTxId, long txId, long pages, long bytes) {
    calls.run(
        "onCatchUp", () -> target.onCatchUp(generation, reason, firstTxId, txId, pages, bytes));
  }

  @Override
  public void onCapturePaused(String message) {
    calls.run("onCapturePaused", () -> target.onCapturePaused(message));
  }

  @Override
  public void onCaptureRecovered() {
    calls.run("onCaptureRecovered", target::onCaptureRecovered);
  }

  @Override
  public void onReplicaFailing(String replica, String message) {
    calls.run("onReplicaFailing", () -> target.onReplicaFailing(replica, message));
  }

  @Override
  public void onReplicaRecovered(String replica) {
    calls.run("onReplicaRecovered", () -> target.onReplicaRecovered(replica));
  }

  @Override
  public void onRetentionFailing(String replica, String message) {
    calls.run("onRetentionFailing", () -> target.onRetentionFailing(replica, message));
  }

  @Override
  public void onRetentionRecovered(String replica) {
    calls.run("onRetentionRecovered", () -> target.onRetentionRecovered(replica));
  }

  @Override
  public void onDataLossWindowExceeded(String replica, Duration window, Duration threshold) {
    calls.run(
        "onDataLossWindowExceeded",
        () -> target.onDataLossWindowExceeded(replica, window, threshold));
  }

  @Override
  public void onDataLossWindowRecovered(String replica) {
    calls.run("onDataLossWindowRecovered", () -> target.onDataLossWindowRecovered(replica));
  }

  @Override
  public void onHeldBack(String replica, String reason) {
    calls.run("onHeldBack", () -> target.onHeldBack(replica, reason));
  }

  @Override
  public void onHeldBackOver(String replica) {
    calls.run("onHeldBackOver", () -> target.onHeldBackOver(replica));
  }

  @Override
  public void onWaitingForDatabase(Path database) {
    calls.run("onWaitingForDatabase", () -> target.onWaitingForDatabase(database));
  }

  @Override
  public void onNotice(String message) {
    calls.run("onNotice", () -> target.onNotice(message));
  }
}
