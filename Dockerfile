# The command `stream` in a container, made of the distribution:
#   mvn package -DskipTests -pl stream-cli -am && docker build -t stream .
# BASE is any image with bash and a Java 17 or newer; docs/DEPLOYMENT.md says how to make one from Debian's
# packages where no registry can be reached.
ARG BASE=eclipse-temurin:21-jre
FROM ${BASE}

ARG VERSION=0.1.0-SNAPSHOT
COPY stream-cli/target/stream-${VERSION}/ /opt/stream/

# It runs as a user of its own, by number, so that Kubernetes can tell that it is not root. The archive of classes,
# with which each start takes half the processor time, is made here, since nothing can be written there later.
RUN set -eu; \
    echo 'stream:x:10001:10001::/var/lib/stream:/usr/sbin/nologin' >>/etc/passwd; \
    echo 'stream:x:10001:' >>/etc/group; \
    mkdir -p /data /var/lib/stream; \
    chown 10001:10001 /data /var/lib/stream; \
    ln -s /opt/stream/bin/stream /usr/local/bin/stream; \
    STREAM_ARCHIVE=on stream replicate --help >/dev/null

USER 10001:10001
WORKDIR /data
ENTRYPOINT ["/usr/local/bin/stream"]
CMD ["--help"]
