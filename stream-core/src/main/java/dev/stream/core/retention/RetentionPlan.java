package dev.stream.core.retention;

import dev.stream.api.replica.ObjectKey;
import java.time.Instant;
import java.util.AbstractList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What goes from a replica, and what stays. Everything that was promised can be restored from what
 * stays, and so also if only some of what goes is gone.
 *
 * @param countedTo the time up to which ages were counted; null if nothing on the replica tells
 *     one, and then nothing goes
 * @param settled whether nothing more becomes due until something is stored, however much time
 *     passes: ages have been counted up to the newest object
 * @param generations all generations, ascending
 * @param notes what whoever looks at the plan should know: sentences
 */
public record RetentionPlan(
    @Nullable Instant countedTo,
    boolean settled,
    List<GenerationVerdicts> generations,
    List<String> notes) {

  /** Copies the lists. */
  public RetentionPlan {
    generations = List.copyOf(generations);
    notes = List.copyOf(notes);
  }

  /** What goes, oldest first. */
  public List<ArtefactVerdict> going() {
    return generations.stream().flatMap(generation -> generation.going().stream()).toList();
  }

  /**
   * The keys of what goes, oldest first. Each is made when it is asked for: half a million of them
   * would take more room than the plan.
   */
  public List<ObjectKey> goingKeys() {
    List<ArtefactVerdict> going = going();
    return new AbstractList<>() {
      @Override
      public ObjectKey get(int index) {
        return going.get(index).artefact().key();
      }

      @Override
      public int size() {
        return going.size();
      }
    };
  }
}
