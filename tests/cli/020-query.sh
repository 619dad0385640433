#!/bin/bash
# blogsearch query: words and filters to results.
. "$(dirname "$0")/../harness/cli.sh"

little_blog blog
begin "the index is made and found from the folder of the site"
blogsearch index blog
cd blog || exit
blogsearch query containers --format urls >out
expect_sorted out <<-END
	https://blog.example/posts/docker/
	https://blog.example/posts/podman/
END

begin "a repeated facet is OR"
blogsearch query --tag docker --tag podman --format urls >out
expect_sorted out <<-END
	https://blog.example/posts/docker/
	https://blog.example/posts/podman/
END

begin "different facets must all hold"
blogsearch query --tag linux --category tech --year 2024 --month 2024-05 --format urls >out
expect_same out <<-END
	https://blog.example/posts/podman/
END

begin "nothing found is exit status 1 and no error"
expect_exit 1 blogsearch query zeppelin >out 2>err
expect_same out <<-END
	0 pages
END
expect_empty err

finish
