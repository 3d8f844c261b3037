# Node.js with just the libraries it links to, for machines that can pull no image.
# Elsewhere any Node.js image does, see the BASE argument of the other Dockerfiles.
FROM scratch
COPY root/ /
ENV PATH=/usr/bin NODE_ENV=production
