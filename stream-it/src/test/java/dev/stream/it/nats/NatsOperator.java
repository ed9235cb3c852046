package dev.stream.it.nats;

import io.nats.client.NKey;
import io.nats.client.support.JwtUtils;
import java.security.SecureRandom;

/**
 * An operator with one account and one user, as {@code nsc} would make them.
 *
 * @param settings of a server that trusts it
 * @param userCredentials the user's credentials file
 */
record NatsOperator(String settings, String userCredentials) {

  private static final String LIMITS =
      "\"limits\":{\"subs\":-1,\"data\":-1,\"payload\":-1,\"imports\":-1,\"exports\":-1,"
          + "\"wildcards\":true,\"conn\":-1,\"leaf\":-1";

  static NatsOperator create() throws Exception {
    SecureRandom random = new SecureRandom();
    NKey operator = NKey.createOperator(random);
    NKey system = NKey.createAccount(random);
    NKey account = NKey.createAccount(random);
    NKey user = NKey.createUser(random);
    String operatorJwt = jwt(operator, operator, "{\"type\":\"operator\",\"version\":2}");
    String systemJwt =
        jwt(operator, system, "{" + LIMITS + "},\"type\":\"account\",\"version\":2}");
    String accountJwt =
        jwt(
            operator,
            account,
            "{"
                + LIMITS
                + ",\"mem_storage\":-1,\"disk_storage\":-1,\"streams\":-1,\"consumer\":-1},"
                + "\"type\":\"account\",\"version\":2}");
    String settings =
        "operator: %s\nsystem_account: %s\nresolver: MEMORY\nresolver_preload {%s: %s, %s: %s}\n"
            .formatted(
                operatorJwt, name(system), name(system), systemJwt, name(account), accountJwt);
    String userJwt = JwtUtils.issueUserJWT(account, name(account), name(user), "stream");
    return new NatsOperator(
        settings,
        String.format(JwtUtils.NATS_USER_JWT_FORMAT, userJwt, new String(user.getSeed())));
  }

  private static String name(NKey key) throws Exception {
    return new String(key.getPublicKey());
  }

  private static String jwt(NKey issuer, NKey subject, String claims) throws Exception {
    return JwtUtils.issueJWT(
        issuer,
        name(subject),
        "stream-it",
        null,
        JwtUtils.currentTimeSeconds(),
        name(issuer),
        () -> claims);
  }
}
