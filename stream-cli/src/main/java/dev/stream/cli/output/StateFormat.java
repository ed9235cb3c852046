package dev.stream.cli.output;

import dev.stream.core.archive.PinDescriptor;
import dev.stream.core.state.ReachableState;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a state that can be restored, and a pin of one, are shown. */
public final class StateFormat {

  private StateFormat() {}

  /** A state as JSON. */
  public static @Nullable Map<String, @Nullable Object> document(@Nullable ReachableState state) {
    if (state == null) {
      return null;
    }
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    tree.put("generation", state.generation().value());
    tree.put("txId", state.txId());
    tree.put("committedAt", ValueFormat.iso(state.committedAt()));
    return tree;
  }

  /** A pin as JSON. */
  public static Map<String, Object> document(PinDescriptor pin) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("pin", pin.name());
    tree.put("generation", pin.generation().value());
    tree.put("txId", pin.txId());
    tree.put("storedAt", pin.storedAt().toString());
    return tree;
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
