package dev.stream.cli.process;

import dev.stream.cli.command.ExitCode;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Turns SIGTERM, SIGINT and SIGHUP into a request to stop, so that the main thread ends the command
 * in good order and chooses the exit code. A shutdown hook could only do so by halting the JVM,
 * which leaves the temporary files of native libraries behind.
 */
public final class StopSignal {

  private final CountDownLatch received = new CountDownLatch(1);
  private @Nullable Thread worker;
  private @Nullable SignalReceiver command;
  private int interrupts;
  private boolean interrupted;

  private StopSignal() {}

  /** Takes over the signals of this process, for the rest of its life. */
  public static StopSignal install() {
    StopSignal stop = new StopSignal();
    for (String name : new String[] {"TERM", "INT", "HUP"}) {
      handle(name, () -> stop.receive(name));
    }
    return stop;
  }

  /** {@code sun.misc.Signal}, which javac warns of in a way that cannot be suppressed. */
  private static void handle(String name, Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      MethodHandle run =
          MethodHandles.lookup()
              .findVirtual(Runnable.class, "run", MethodType.methodType(void.class))
              .bindTo(action);
      Object receiver =
          MethodHandleProxies.asInterfaceInstance(
              handler, MethodHandles.dropArguments(run, 0, signal));
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), receiver);
    } catch (InvocationTargetException e) {
      // The platform has no such signal, or the JVM's options reserve it. The signal then ends the
      // process as it does by default.
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this Java cannot receive signals", e);
    }
  }

  /**
   * From now on signals go to this receiver first. While it runs, a signal does not stop this
   * process; whoever sees the receiver end asks for the stop.
   */
  public synchronized void passTo(SignalReceiver beside) {
    command = beside;
  }

  private synchronized void receive(String name) {
    if (name.equals("INT") && ++interrupts == 2) {
      if (command != null) {
        command.kill();
      }
      System.err.println("stream: stopped at once; what is not sent yet stays in the shadow log");
      Runtime.getRuntime().halt(ExitCode.FAILED);
    }
    if (command == null || !command.pass(name)) {
      abandon();
    }
  }

  /** Asks for the stop. The worker first finishes what it is beginning. */
  public synchronized void request() {
    received.countDown();
  }

  /** Asks for the stop at once: the worker is interrupted in what it is beginning. */
  public synchronized void abandon() {
    Thread busy = worker;
    if (!received() && busy != null) {
      interrupted = true;
      busy.interrupt();
    }
    request();
  }

  /**
   * From now on a signal interrupts this thread, the worker. If a signal has come already, it is
   * interrupted at once.
   */
  public synchronized void interrupts(Thread thread) {
    worker = thread;
    if (received()) {
      interrupted = true;
      thread.interrupt();
    }
  }

  /**
   * From now on a signal interrupts no thread, and an interrupt by a signal is forgotten. Only the
   * worker calls this.
   */
  public synchronized void interruptsNobody() {
    worker = null;
    boolean ignored = Thread.interrupted();
  }

  /** Whether the worker was interrupted by a signal. */
  public synchronized boolean hasInterrupted() {
    return interrupted;
  }

  boolean received() {
    return received.getCount() == 0;
  }

  /** Waits until it is asked for. */
  public void await() throws InterruptedException {
    received.await();
  }
}
