package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"keepalive/lab"
	"keepalive/model/trace"
	"keepalive/viz/ladder"
)

func traceCommand() *cobra.Command {
	var flags scenarioFlags
	var headers bool
	var conn uint32
	var limit int
	c := &cobra.Command{
		Use:   "trace FILE",
		Short: "Draw the packets of a run as a ladder diagram in text",
		Long: `Draw the packets of a run as a ladder diagram in text.

Packets that open, resume or end TLS say so. Where a connection carries several requests at once, "of 2-9" means that
the packet belongs to one or more of these responses, and "ends 2" that it completes that one. "again" marks what is
sent again, "dup ACK" an acknowledgement that says the same once more while data is outstanding, and "probe" a packet
that only wants an answer.`,
		Example: `  keepalive trace gallery --variant persistent
  keepalive trace gallery --variant per-request --headers --connection 1`,
		Args: wants(1, 1),
		RunE: func(c *cobra.Command, args []string) error {
			if limit < 0 {
				return fmt.Errorf("--limit: want a number of lines, or 0 for all, got %d", limit)
			}
			configs, err := flags.configs(c, args[0], false)
			if err != nil {
				return err
			}
			bar := newProgress(c.ErrOrStderr(), false)
			for _, cfg := range configs {
				run, err := lab.Simulate(c.Context(), cfg, lab.Options{Log: true, Progress: bar.update})
				bar.done()
				if err != nil {
					return failed{err}
				}
				if last := lastConnection(run.Log); conn > last {
					return fmt.Errorf("--connection: %s has no connection %d: want 1 to %d, or 0 for all", cfg.Variant, conn, last)
				}
				opt := ladder.Options{Connection: conn, Limit: limit, TLS: cfg.TLS, H2: cfg.HTTP.H2}
				if headers {
					opt.Header = cfg.MessageText
				}
				if cfg.Proxy != nil {
					opt.BehindH2 = cfg.Proxy.HTTP.H2
					if headers {
						opt.BehindHeader = cfg.Behind().MessageText
					}
				}
				if err := ladder.Write(c.OutOrStdout(), run.Log, opt); err != nil {
					return failed{err}
				}
			}
			return nil
		},
	}
	flags.add(c)
	c.Flags().BoolVar(&headers, "headers", false, "show the HTTP text of each message")
	c.Flags().Uint32Var(&conn, "connection", 0, "this connection only; 0 is all")
	c.Flags().IntVar(&limit, "limit", 2000, "lines to draw; 0 is all")
	return c
}

// lastConnection is the highest number of a connection in a log.
func lastConnection(log *trace.Log) (last uint32) {
	for i := range log.Records {
		last = max(last, log.Records[i].Conn)
	}
	return last
}
