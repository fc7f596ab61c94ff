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
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return fmt.Errorf("serve: want no argument, got %q; --dir serves a folder, --addr chooses the address", args[0])
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error {
			files, err := pages(dir)
			if err != nil {
				return err
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

// pages are what is served: a folder, or what is built into the program.
func pages(dir string) (fs.FS, error) {
	if dir == "" {
		files, err := site.FS()
		if err != nil {
			return nil, failed{err}
		}
		return files, nil
	}
	info, err := os.Stat(dir)
	if err == nil && !info.IsDir() {
		err = errors.New("this is a file; name a folder")
	}
	if err != nil {
		return nil, fmt.Errorf("--dir %s: %w", dir, err)
	}
	return os.DirFS(dir), nil
}
