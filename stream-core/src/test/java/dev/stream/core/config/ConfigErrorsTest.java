package dev.stream.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The text of each error. JSON is in single quotes here; {@code #} separates the columns. */
final class ConfigErrorsTest {

  private static final Map<String, String> ENV = Map.of("NO_NUMBER", "topsecret");

  private static void assertMessage(String json, String message) {
    Throwable thrown =
        catchThrowable(
            () -> StreamConfig.parse(json.replace('\'', '"'), SamplePlugins.registry(), ENV));
    assertThat(thrown).isInstanceOf(ConfigException.class).hasMessage(message).hasNoCause();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      commentCharacter = '!',
      quoteCharacter = '`',
      textBlock =
          """
          'syncInterval': 5 # syncInterval: is a number; it must be a duration as text, such as "5m", "1h30m", "250ms" or "PT5M"
          'syncInterval': '5 min' # syncInterval: "5 min" is not a duration, such as "5m", "1h30m", "250ms" or "PT5M"
          'syncInterval': '0s' # syncInterval: must be longer than zero
          'syncInterval': '-1s' # syncInterval: "-1s" is negative; a duration counts forwards
          'snapshotInterval': '40000d' # snapshotInterval: "40000d" is longer than a hundred years
          'retention': {'checkInterval': '0s'} # retention.checkInterval: must be longer than zero
          'retention': {'keep': '1h'} # retention.keep: is not a known key; valid: snapshotRetention, checkInterval, segmentRetention, snapshotInterval
          'retention': {'snapshotInterval': '0s'} # retention.snapshotInterval: must be longer than zero
          'retention': {'snapshotInterval': 5} # retention.snapshotInterval: is a number; it must be a duration as text, such as "5m", "1h30m", "250ms" or "PT5M"
          'retention': {'segmentRetention': []} # retention.segmentRetention: must have 1 to 16 durations, for segments as captured and for each level of wider ones
          'retention': {'segmentRetention': '1h'} # retention.segmentRetention: is a text; it must be a list, in [ and ]
          'retention': {'segmentRetention': ['1h', '0s']} # retention.segmentRetention: must be longer than zero
          'retention': {'segmentRetention': ['1h', 'soon']} # retention.segmentRetention[1]: "soon" is not a duration, such as "5m", "1h30m", "250ms" or "PT5M"
          'retention': {'segmentRetention': ['2h', '90m']} # retention.segmentRetention: must not fall: wider segments stay at least as long as narrower ones
          'retention': [] # retention: is a list; it must be an object
          'restore': {'target': 'x'} # restore.target: is not a known key; valid: enabled, targetPath, tempDir, onUnreachable
          'restore': {'tempDir': ' '} # restore.tempDir: " " is empty; it must be a path
          'restore': true # restore: is true or false; it must be an object
          'shadowSync': 'yes' # shadowSync: is a text; it must be true or false
          'shadowLimit': '4 gigs' # shadowLimit: "4 gigs" is not a size, such as "64MiB", "8GiB" or a number of bytes
          'shadowLimit': 1.5 # shadowLimit: must be a whole number from 0 to 9223372036854775807
          'shadowLimit': 1e400 # shadowLimit: must be a whole number from 0 to 9223372036854775807
          'shadowLimit': -1 # shadowLimit: must be from 0 to 9223372036854775807
          'shadowLimit': '1MiB' # shadowLimit: must be at least segmentLimit
          'segmentLimit': 1 # segmentLimit: must be from 64KiB to 2GiB less one byte
          'compression': 'zstdd' # compression: there is no codec "zstdd"; did you mean "zstd"? Available: none, zstd
          'compression': {'codec': 'lz4'} # compression.codec: there is no codec "lz4"; available: none, zstd; it is none of Stream's own: add the jar of the plug-in that provides it
          'compression': {'level': 99} # compression.level: must be at most 22
          'compression': {'level': '6'} # compression.level: is a text; it must be a number
          'compaction': 'nine' # compaction: "nine" is not valid; write "none" or, for example, {"levels": ["30s", "5m"]}
          'compaction': 5 # compaction: is a number; it must be an object
          'compaction': ['1m'] # compaction: is a list; it must be an object
          'compaction': {'level': []} # compaction.level: is not a known key; did you mean "levels"? Valid: levels
          'compaction': {'levels': ['1x']} # compaction.levels[0]: "1x" is not a duration, such as "5m", "1h30m", "250ms" or "PT5M"
          'compaction': {'levels': ['0s']} # compaction.levels: must be longer than zero
          'compaction': {'levels': ['5m', '5m']} # compaction.levels: must ascend, each longer than the one before
          'compaction': {'levels': ['1s']} # compaction.levels: must be longer than syncInterval
          'compaction': {'levels': ['2s','3s','4s','5s','6s','7s','8s','9s','10s']} # compaction.levels: may be at most 8
          'synkInterval': '1s' # synkInterval: is not a known key; did you mean "syncInterval"? Valid: database, shadowDir, snapshotInterval, syncInterval, compression, compaction, retention, dataLossWindowThreshold, restore, replicas, shadowSync, shadowLimit, segmentLimit, closeTimeout, waitForDatabase, exec, drill
          'drill': {'interval': '0s'} # drill.interval: must be longer than zero
          'drill': {'assert': [' ']} # drill.assert: has one that is blank; leave it out
          'drill': {'asert': []} # drill.asert: is not a known key; did you mean "assert"? Valid: interval, fullInterval, scratchDir, assert
          """)
  void aWrongMemberOfTheDocument(String member, String message) {
    assertMessage(
        "{'database': {'type': 'sqlite', 'path': 'a'}, 'shadowDir': 's',"
            + " 'replicas': [{'type': 'file', 'path': 'b'}], "
            + member
            + "}",
        message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      commentCharacter = '!',
      quoteCharacter = '`',
      textBlock =
          """
          {'type': 's3', 'buckte': 'b', 'bucket': 'b'} # replicas[1].buckte: is not a known key; did you mean "bucket"? Valid: type, name, bucket, region, endpoint, secretKey, headers
          {'type': 's3'} # replicas[1].bucket: is missing
          {'type': 's3', 'bucket': null} # replicas[1].bucket: is null; it must have a value
          {'type': 's3', 'bucket': ''} # replicas[1].bucket: must not be empty
          {'type': 's3', 'bucket': {}} # replicas[1].bucket: is an object; it must be a text
          {'type': 's3', 'bucket': '${NOT_SET}'} # replicas[1].bucket: the environment variable NOT_SET is not set; set it, or write $${ for a plain ${
          {'type': 's3', 'bucket': 'a${b-c}'} # replicas[1].bucket: has "${" without a variable's name and "}"; write $${ for a plain ${
          {'type': 's3', 'bucket': 'b', 'headers': {'a': 1}} # replicas[1].headers.a: is a number; it must be a text
          {'type': 'sftp'} # replicas[1].type: there is no replica type "sftp"; available: every, file, picky, s3; add the artifact dev.stream:stream-replica-sftp (its jar)
          {'type': 'fil'} # replicas[1].type: there is no replica type "fil"; did you mean "file"? Available: every, file, picky, s3
          {'path': 'x'} # replicas[1].type: is missing
          {'type': 7} # replicas[1].type: is a number; it must be a text
          'file' # replicas[1]: is a text; it must be an object
          {'type': 'file', 'path': ''} # replicas[1].path: "" is empty; it must be a path
          {'type': 'file', 'path': '~/x'} # replicas[1].path: "~/x" starts with ~, which only shells know; write ${HOME}
          {'type': 'file', 'path': 'x', 'name': 'a b'} # replicas[1].name: may have letters, digits, '.', '_' and '-' only, a letter or digit first
          {'type': 'file', 'path': 'x', 'name': 'first'} # replicas[1].name: "first" is taken; give each replica its own
          {'type': 'picky', 'thread': 'x'} # replicas[1].thread: cannot be set: the plug-in's key has the type java.lang.Thread, which a configuration cannot hold; tell the plug-in's author
          """)
  void aWrongReplica(String replica, String message) {
    assertMessage(
        "{'database': {'type': 'sqlite', 'path': 'a'}, 'shadowDir': 's', 'replicas':"
            + " [{'type': 'file', 'path': 'b', 'name': 'first'}, "
            + replica
            + "]}",
        message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      commentCharacter = '!',
      quoteCharacter = '`',
      textBlock =
          """
          'whole': 1.5 # whole: must be a whole number from -2147483648 to 2147483647
          'whole': 2147483648 # whole: must be from -2147483648 to 2147483647
          'whole': null # whole: is null; it must have a value
          'whole': '5' # whole: is a text; it must be a number
          'whole': '${NO_NUMBER}' # whole: must be a whole number; what the environment has is not
          'big': 9223372036854775808 # big: must be a whole number from -9223372036854775808 to 9223372036854775807
          'flag': 1 # flag: is a number; it must be true or false
          'flag': '${NO_NUMBER}' # flag: must be true or false; what the environment has is neither
          'pause': '${NO_NUMBER}' # pause: is not a duration, such as "5m", "1h30m", "250ms" or "PT5M"
          'since': 'now' # since: "now" is not a time, such as "2026-01-31T12:00:00Z"
          'colour': 'rde' # colour: "rde" is not valid; did you mean "red"? Valid: light-blue, red
          'colour': 'RED' # colour: "RED" is not valid; did you mean "red"? Valid: light-blue, red
          'colour': '${NO_NUMBER}' # colour: is not valid; valid: light-blue, red
          'names': 'a' # names: is a text; it must be a list, in [ and ]
          'names': ['a', null] # names[1]: is null; it must be a text
          'numbers': [] # numbers: is a list; it must be an object
          'inner': {} # inner.user: is missing
          'inner': {'user': 'u', 'prt': 1} # inner.prt: is not a known key; did you mean "port"? Valid: user, port
          'more': [{'user': 'u'}, {'user': 1}] # more[1].user: is a number; it must be a text
          """)
  void aWrongValueOfAPlugin(String member, String message) {
    String all =
        "'text': 't', 'whole': 1, 'big': 1, 'flag': true, 'boxed': 1, 'pause': '1s', 'path': 'p',"
            + " 'since': '2026-01-31T12:00:00Z', 'colour': 'red', 'names': [], 'numbers': {},"
            + " 'inner': {'user': 'u'}, 'more': [], ";
    String key = member.substring(0, member.indexOf(':'));
    String others = all.replaceAll(key + ": (\\{.*?}|\\[]|'[^']*'|[^,]*), ", "");
    assertThat(others).doesNotContain(key);
    assertMessage(
        "{'database': {'type': 'sqlite', 'path': 'a'}, 'shadowDir': 's', 'replicas':"
            + " [{'type': 'every', "
            + others
            + member
            + "}]}",
        "replicas[0]." + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      commentCharacter = '!',
      quoteCharacter = '`',
      textBlock =
          """
          `` # is empty; it must be a JSON object
          [] # must be a JSON object, in { and }
          {'a': 1} x # is not valid JSON; look for a missing quote or comma, or one too many (line 1, column 10)
          {} {} # has something after the end of the JSON object (line 1, column 4)
          {'a': {'b': 1, 'b': 2}} # a.b: is given twice (line 1, column 19)
          {'a': [{}, {'b': 1, 'b': 2}]} # a[1].b: is given twice (line 1, column 24)
          {'a': 1 // why # a: is not valid JSON: comments are not allowed (line 1, column 9)
          {'a': 'b # a: is not complete JSON: it ends too early; a brace, bracket or quote is not closed (line 1, column 9)
          {'a': b} # a: is not valid JSON; look for a missing quote or comma, or one too many (line 1, column 7)
          {'a': 1,} # a: is not valid JSON; look for a missing quote or comma, or one too many (line 1, column 9)
          {'a': NaN} # a: is not valid JSON; look for a missing quote or comma, or one too many (line 1, column 10)
          """)
  void notJson(String json, String message) {
    assertMessage(json, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      commentCharacter = '!',
      quoteCharacter = '`',
      textBlock =
          """
          'shadowDir': 's', 'replicas': [{'type': 'file', 'path': 'b'}] # database: is missing
          'database': {'type': 'sqlite'}, 'shadowDir': 's', 'replicas': [{'type': 'file', 'path': 'b'}] # database.path: is missing
          'database': {'type': 'h2', 'path': 'a'}, 'shadowDir': 's', 'replicas': [{'type': 'file', 'path': 'b'}] # database.type: there is no database type "h2"; available: sqlite; add the artifact dev.stream:stream-source-h2 (its jar)
          'database': 'a', 'shadowDir': 's', 'replicas': [{'type': 'file', 'path': 'b'}] # database: is a text; it must be an object
          'database': {'type': 'sqlite', 'path': 'a'}, 'replicas': [{'type': 'file', 'path': 'b'}] # shadowDir: is missing
          'database': {'type': 'sqlite', 'path': 'a'}, 'shadowDir': 's' # replicas: is missing; name at least one replica
          'database': {'type': 'sqlite', 'path': 'a'}, 'shadowDir': 's', 'replicas': [] # replicas: is empty; name at least one replica
          'database': {'type': 'sqlite', 'path': 'a'}, 'shadowDir': 's', 'replicas': {} # replicas: is an object; it must be a list, in [ and ]
          """)
  void somethingRequiredIsMissing(String members, String message) {
    assertMessage("{" + members + "}", message);
  }
}
