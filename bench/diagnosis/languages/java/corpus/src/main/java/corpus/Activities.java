package corpus;

import io.temporal.activity.ActivityInterface;

/**
 * The activities of all workflows of the corpus. Each answers at once and with the same for the same, so that two runs
 * of one scenario leave the same commands.
 */
@ActivityInterface
public interface Activities {
  String audit(String what);

  String reserve(String what);

  String release(String what);

  String charge(String what);

  String refund(String what);

  String ship(String what);

  String tell(String what);

  String store(String what);

  int count(String what);

  boolean checkFraud(String what);

  String draw(String what);

  String refuse(String what);
}
