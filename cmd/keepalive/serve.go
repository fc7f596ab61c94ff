package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/spf13/cobra"

	"keepalive/site"
)

func serveCommand() *cobra.Command {
	var addr, dir string
	c := &cobra.Command{
		Use:   "serve",
		Short: "Serve the tutorial at a local address",
		Example: `  keepalive serve
  keepalive serve --addr 127.0.0.1:9000`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			files, err := pages(dir)
			if err != nil {
				return failed{err}
			}
			l, err := net.Listen("tcp", addr)
			if err != nil {
				return failed{fmt.Errorf("%w; choose another address with --addr", err)}
			}
			fmt.Fprintf(c.OutOrStdout(), "The tutorial is at http://%s/ (Ctrl-C ends it)\n", l.Addr())
			s := &http.Server{Handler: site.Handler(files), ReadHeaderTimeout: 10 * time.Second}
			context.AfterFunc(c.Context(), func() { _ = s.Close() })
			if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
				return failed{err}
			}
			return nil
		},
	}
	c.Flags().StringVar(&addr, "addr", "127.0.0.1:8080", "address to listen at")
	c.Flags().StringVar(&dir, "dir", "", "serve this directory instead of the pages built in")
	return c
}

func pages(dir string) (fs.FS, error) {
	if dir != "" {
		return os.DirFS(dir), nil
	}
	return site.FS()
}
