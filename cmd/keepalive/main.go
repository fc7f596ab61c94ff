// Command keepalive simulates what a network connection costs and shows it.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"

	"github.com/spf13/cobra"
)

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

// Exit statuses.
const (
	exitFine     = 0
	exitFailed   = 1 // the run or the check failed
	exitBadInput = 2
)

// failed is an error of the run itself, not of its input.
type failed struct{ error }

func (f failed) Unwrap() error { return f.error }

// run is main without the process.
func run(args []string, in io.Reader, out, errs io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends what does not look at the context
	return runIn(ctx, args, in, out, errs)
}

// runIn runs a command until it ends or ctx does.
func runIn(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) int {
	root := rootCommand()
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errs)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitFine
	}
	if errors.Is(err, context.Canceled) {
		fmt.Fprintln(errs, "stopped before the end: what was not finished is not shown")
		return exitFailed
	}
	fmt.Fprintln(errs, err)
	var f failed
	if errors.As(err, &f) {
		return exitFailed
	}
	return exitBadInput
}

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "keepalive",
		Short: "See, measure and understand what a network connection costs",
		Long: `Keepalive simulates HTTP over TCP packet by packet and shows what connections cost: with a new one per request, and kept.

A FILE is a path, - for standard input, or the name of a scenario that comes with the program (keepalive run --help lists them).

Exit status: 0 fine; 1 the run or the check failed; 2 bad usage or bad input.`,
		Example: `  keepalive run gallery
  keepalive explain gallery
  keepalive compare gallery -o out`,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(runCommand(), explainCommand(), compareCommand(), tuneCommand(), traceCommand(), importCommand(), viewCommand(), serveCommand(), gradeCommand(),
		checkCommand(), referenceCommand(), presetsCommand(), accuracyCommand())
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return fmt.Errorf("%w: %s --help lists the flags", err, c.CommandPath())
	})
	return root
}

// wants is a check that a command has at least so many arguments, and at most so many unless that is 0. The error shows how
// the command is used.
func wants(least, most int) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) >= least && (most == 0 || len(args) <= most) {
			return nil
		}
		got := fmt.Sprintf("%d arguments", len(args))
		if len(args) == 1 {
			got = "1 argument"
		}
		example, _, _ := strings.Cut(strings.TrimSpace(c.Example), "\n")
		return fmt.Errorf("%s: want %s, got %s; for example: %s", c.Name(), c.Use, got, example)
	}
}
