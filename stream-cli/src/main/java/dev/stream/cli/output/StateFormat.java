package dev.stream.cli.output;

import dev.stream.core.state.PinDescriptor;
import dev.stream.core.state.ReachableState;
import dev.stream.core.state.TxRange;
import org.jspecify.annotations.Nullable;

/** How a state that can be restored, and a pin of one, are shown. */
public final class StateFormat {

  private StateFormat() {}

  /** A state as JSON. */
  public static @Nullable JsonObject document(@Nullable ReachableState state) {
    if (state == null) {
      return null;
    }
    return new JsonObject()
        .with("generation", state.generation().value())
        .with("txId", state.txId())
        .with("committedAt", ValueFormat.iso(state.committedAt()));
  }

  /** A run of transactions as JSON. */
  public static JsonObject document(TxRange range) {
    return new JsonObject().with("firstTxId", range.first()).with("lastTxId", range.last());
  }

  /** A pin as JSON. */
  public static JsonObject document(PinDescriptor pin) {
    return new JsonObject()
        .with("pin", pin.name())
        .with("generation", pin.generation().value())
        .with("txId", pin.txId())
        .with("storedAt", pin.storedAt().toString());
  }

  /** A pin on one line. */
  public static String line(PinDescriptor pin) {
    return "pin "
        + pin.name()
        + ": transaction "
        + pin.txId()
        + " of generation "
        + pin.generation()
        + ", "
        + ValueFormat.time(pin.storedAt());
  }
}
