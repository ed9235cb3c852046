package dev.stream.core.replicate;

import dev.stream.core.StreamListener;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an application's listener from harming replication.
 *
 * @param target the listener
 */
public record SafeListener(StreamListener target) implements StreamListener {

  private static final Logger LOG = LoggerFactory.getLogger(SafeListener.class);

  @Override
  public void onGeneration(String generation, String reason) {
    run(() -> target.onGeneration(generation, reason));
  }

  @Override
  public void onCatchUp(
      String generation, String reason, long firstTxId, long txId, long pages, long bytes) {
    run(() -> target.onCatchUp(generation, reason, firstTxId, txId, pages, bytes));
  }

  @Override
  public void onCapturePaused(String message) {
    run(() -> target.onCapturePaused(message));
  }

  @Override
  public void onCaptureRecovered() {
    run(target::onCaptureRecovered);
  }

  @Override
  public void onReplicaFailing(String replica, String message) {
    run(() -> target.onReplicaFailing(replica, message));
  }

  @Override
  public void onReplicaRecovered(String replica) {
    run(() -> target.onReplicaRecovered(replica));
  }

  @Override
  public void onRetentionFailing(String replica, String message) {
    run(() -> target.onRetentionFailing(replica, message));
  }

  @Override
  public void onRetentionRecovered(String replica) {
    run(() -> target.onRetentionRecovered(replica));
  }

  @Override
  public void onDataLossWindowExceeded(String replica, Duration window, Duration threshold) {
    run(() -> target.onDataLossWindowExceeded(replica, window, threshold));
  }

  @Override
  public void onDataLossWindowRecovered(String replica) {
    run(() -> target.onDataLossWindowRecovered(replica));
  }

  @Override
  public void onNotice(String message) {
    run(() -> target.onNotice(message));
  }

  private static void run(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      LOG.warn("a listener failed", e);
    }
  }
}
