package corpus;

import io.temporal.failure.ApplicationFailure;

public class ActivitiesImpl implements Activities {
  @Override
  public String audit(String what) {
    return "audited " + what;
  }

  @Override
  public String reserve(String what) {
    return "reservation of " + what;
  }

  @Override
  public String release(String what) {
    return "released " + what;
  }

  @Override
  public String charge(String what) {
    return "charged " + what;
  }

  @Override
  public String refund(String what) {
    return "refunded " + what;
  }

  @Override
  public String ship(String what) {
    return "shipped " + what;
  }

  @Override
  public String tell(String what) {
    return "told " + what;
  }

  @Override
  public String store(String what) {
    return "stored " + what;
  }

  @Override
  public int count(String what) {
    return what.length();
  }

  @Override
  public boolean checkFraud(String what) {
    return what.isEmpty();
  }

  @Override
  public String draw(String what) {
    return "drawing of " + what;
  }

  @Override
  public String refuse(String what) {
    throw ApplicationFailure.newNonRetryableFailure("refused " + what, "Refused");
  }
}
