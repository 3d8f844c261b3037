# One static program and nothing else: the pause image and CoreDNS of the embedded platform, and the tests' object store.
FROM scratch
COPY program /program
USER 65532:65532
ENTRYPOINT ["/program"]
