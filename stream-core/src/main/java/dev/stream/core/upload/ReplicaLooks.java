package dev.stream.core.upload;

import dev.stream.core.schedule.ListingRule.Look;
import dev.stream.core.upload.WrittenGeneration.Claim;

/**
 * When a replica is listed, or the object read that tells who writes there: nothing is stored
 * before. Not thread-safe.
 */
final class ReplicaLooks {

  private final ReplicaContact contact;
  private boolean listingDue = true;
  private boolean everListed;
  private boolean lineDue;
  private Claim claim = Claim.REFUSED;
  private boolean unconfirmed;
  private long stored;
  private long storedAtListing;

  /** A listing is due. */
  ReplicaLooks(ReplicaContact contact) {
    this.contact = contact;
  }

  /** The replica may not be as it was. */
  void relist() {
    listingDue = true;
  }

  /** Another may write there: who does is read, or listed where no object tells that. */
  void relook() {
    if (claim == Claim.REFUSED) {
      listingDue = true;
    } else {
      lineDue = true;
    }
  }

  boolean isListingDue() {
    return listingDue;
  }

  boolean isLineDue() {
    return lineDue;
  }

  boolean isDue() {
    return listingDue || lineDue;
  }

  /** Whether it was listed, and is taken to be as it was then. */
  boolean isKnown() {
    return everListed && !listingDue;
  }

  /** Nobody else has begun a generation there. */
  void looked() {
    lineDue = false;
    contact.looked();
  }

  /**
   * What there is of the object that tells who writes. If it was written just now, what another
   * stored before is listed, and it is read again once the first artefact is stored.
   */
  void claimed(Claim found) {
    claim = found;
    unconfirmed |= found == Claim.TAKEN;
    listingDue |= found == Claim.TAKEN;
  }

  /** A listing is about to be asked for. */
  void listingBegins() {
    storedAtListing = stored;
  }

  /** Whether something was stored since then, which the listing may lack. */
  boolean isOutdated() {
    return stored != storedAtListing;
  }

  /** It was listed. */
  void listed() {
    listingDue = false;
    lineDue = false;
    everListed = true;
    contact.listed();
  }

  /** It took something. */
  void stored() {
    stored++;
    contact.heard();
    lineDue |= unconfirmed; // another may have written it over in the same moment
    unconfirmed = false;
  }

  /**
   * Whether a look is due before something is stored: a process that was stopped for a while, or a
   * machine, may find that another has gone on.
   */
  boolean comesFirst() {
    Look look = contact.due();
    if (look == Look.WHOLE) {
      relist();
    } else if (look == Look.LINE) {
      relook();
    }
    return isDue();
  }
}
